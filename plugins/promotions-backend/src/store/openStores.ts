import { type Knex } from 'knex';
import { NoticeStore } from '../notices/NoticeStore';
import { DeploymentStore } from './DeploymentStore';
import { GateResultStore } from './GateResultStore';
import { HistoryStore } from './HistoryStore';
import { HoldStore } from './HoldStore';
import { OverrideStore } from './OverrideStore';
import { PromotionStore } from './PromotionStore';
import { ReleaseStore } from './ReleaseStore';
import { RolloutActStore } from './RolloutActStore';
import { StopStore } from './StopStore';
import { VoteStore } from './VoteStore';

/** The tables of one tenant, in one transaction. */
export interface Stores {
  transaction: Knex.Transaction;
  tenant: string;
  releases: ReleaseStore;
  promotions: PromotionStore;
  history: HistoryStore;
  gateResults: GateResultStore;
  votes: VoteStore;
  overrides: OverrideStore;
  deployments: DeploymentStore;
  holds: HoldStore;
  stops: StopStore;
  rolloutActs: RolloutActStore;
  notices: NoticeStore;
}

/** @param transaction - from `PorticoDatabase.inTenant` of the same tenant */
export function openStores(
  transaction: Knex.Transaction,
  tenant: string,
): Stores {
  return {
    transaction,
    tenant,
    releases: new ReleaseStore(transaction, tenant),
    promotions: new PromotionStore(transaction, tenant),
    history: new HistoryStore(transaction, tenant),
    gateResults: new GateResultStore(transaction, tenant),
    votes: new VoteStore(transaction, tenant),
    overrides: new OverrideStore(transaction, tenant),
    deployments: new DeploymentStore(transaction, tenant),
    holds: new HoldStore(transaction, tenant),
    stops: new StopStore(transaction, tenant),
    rolloutActs: new RolloutActStore(transaction, tenant),
    notices: new NoticeStore(transaction, tenant),
  };
}
