import {
  type GateResult,
  type Override,
  type Promotion,
  type Subject,
} from '@portico/plugin-promotions-common';
import { type PorticoDatabase } from '@portico/database';
import { openStores, type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { type GateAsker, type Proposer } from './EngineParts';
import { type GatesVerdict, judgeGates } from './judgeGates';

/** A gate that says the same for so long is written down again. */
const WRITE_AGAIN_MILLISECONDS = 15 * 60_000;

/** What a round of questions rests on; as long as it is unchanged, the answers count. */
interface Ground {
  /** What was shown last. */
  shown?: Subject;
  before: GateResult[];
  overrides: Override[];
  /** Ids of the open stops: a new one voids what the freeze gate said. */
  stops: string[];
}

/** What would be done, and what the gates say to it. */
export interface GateRoundResult {
  subject: Subject;
  /** Of the subject. */
  digest: string;
  verdict: GatesVerdict;
  ground: Ground;
}

/** Works out what a promotion would do and asks its gates; it changes nothing. */
export class GateRound {
  readonly #database: PorticoDatabase;
  readonly #proposer: Proposer;
  readonly #asker: GateAsker;

  constructor(options: {
    database: PorticoDatabase;
    proposer: Proposer;
    asker: GateAsker;
  }) {
    this.#database = options.database;
    this.#proposer = options.proposer;
    this.#asker = options.asker;
  }

  async ask(
    tenant: string,
    { promotion, stage }: StoredPromotion,
    moment: 'asked' | 'beforeEffects',
    now: Date,
  ): Promise<GateRoundResult> {
    const ground = await this.#ground(tenant, promotion);
    const { subject, digest } = await this.#proposer.propose({
      target: {
        tenant,
        component: promotion.component,
        environment: promotion.environment,
        delivery: stage.environment.delivery,
      },
      stage,
      release: promotion.release,
      kind: promotion.kind,
      ...(ground.shown && { shown: ground.shown }),
    });
    return this.#ask(
      tenant,
      { promotion, stage },
      { subject, digest, ground, moment, now },
    );
  }

  /** Asks about what was shown, as it stands in a pull request that is about to be merged. */
  async askBeforeMerge(
    tenant: string,
    was: Pick<StoredPromotion, 'promotion' | 'stage'>,
    shown: { subject: Subject; digest: string },
    now: Date,
  ): Promise<GateRoundResult> {
    const ground = await this.#ground(tenant, was.promotion);
    return this.#ask(tenant, was, {
      ...shown,
      ground,
      moment: 'beforeMerge',
      now,
    });
  }

  async #ask(
    tenant: string,
    { promotion, stage }: Pick<StoredPromotion, 'promotion' | 'stage'>,
    about: {
      subject: Subject;
      digest: string;
      ground: Ground;
      moment: 'asked' | 'beforeEffects' | 'beforeMerge';
      now: Date;
    },
  ): Promise<GateRoundResult> {
    const { subject, digest, ground, moment, now } = about;
    const asked = await this.#asker.ask({
      tenant,
      promotion: { ...promotion, subject: digest },
      stage,
      gates: stage.gates,
      subject,
      subjectDigest: digest,
      moment,
      now,
      before: ground.before,
    });
    const verdict = judgeGates({
      gates: stage.gates,
      asked,
      subjectDigest: digest,
      overrides: ground.overrides,
      now,
    });
    return { subject, digest, verdict, ground };
  }

  async #ground(tenant: string, promotion: Promotion): Promise<Ground> {
    return this.#database.inTenant(tenant, transaction =>
      readGround(openStores(transaction, tenant), promotion),
    );
  }

  /** Whether what the answers rest on beside votes is unchanged. */
  async stands(stores: Stores, { ground }: GateRoundResult): Promise<boolean> {
    const stops = await openStops(stores);
    return stops.join() === ground.stops.join();
  }

  /** Keeps what was shown and said; only what is new, unless all of it is wanted. */
  async keep(
    stores: Stores,
    { promotion }: StoredPromotion,
    { subject, digest, verdict, ground }: GateRoundResult,
    options: {
      now: Date;
      all: boolean;
      /** A transition of the same moment tells those who follow. */
      isToldAlready: boolean;
    },
  ): Promise<void> {
    const { id, component, environment, phase, revision } = promotion;
    const isOther = promotion.subject !== digest;
    if (isOther) {
      await stores.history.addSubject(id, {
        digest,
        content: subject,
        madeAt: options.now,
      });
      await stores.promotions.setSubject(id, digest);
    }
    const results = options.all
      ? verdict.results
      : verdict.results.filter(result => isNew(result, ground.before));
    await stores.gateResults.add(id, results);
    if (isOther || results.length > 0) {
      await askForApproval(stores, promotion, { digest, verdict }, options.now);
      if (!options.isToldAlready) {
        await stores.history.addEvent(
          { type: 'promotion', id, component, environment, phase, revision },
          options.now,
        );
      }
    }
  }
}

/** People are asked once for each thing that is shown, and again when approvals run out. */
async function askForApproval(
  stores: Stores,
  { id, component, environment, sample }: Promotion,
  { digest, verdict }: Pick<GateRoundResult, 'digest' | 'verdict'>,
  now: Date,
): Promise<void> {
  const since = verdict.results
    .filter(({ kind, outcome }) => kind === 'approval' && outcome === 'waiting')
    .map(result => result.since)
    .sort()
    .at(-1);
  if (since !== undefined && verdict.outcome === 'waiting' && !sample) {
    await stores.notices.add({
      kind: 'approval',
      key: `approval ${id} ${digest} ${since}`,
      component,
      environment,
      promotion: id,
      madeAt: now,
    });
  }
}

async function readGround(
  stores: Stores,
  { id, subject }: Promotion,
): Promise<Ground> {
  const shown = subject && (await stores.history.subject(id, subject));
  return {
    ...(shown && { shown }),
    before: await stores.gateResults.newestOf(id),
    overrides: await stores.overrides.of(id),
    stops: await openStops(stores),
  };
}

async function openStops(stores: Stores): Promise<string[]> {
  return (await stores.stops.open()).map(({ id }) => id);
}

function isNew(result: GateResult, before: readonly GateResult[]): boolean {
  const last = before.find(({ gate }) => gate === result.gate);
  return (
    !last ||
    last.outcome !== result.outcome ||
    last.reason !== result.reason ||
    last.evidenceDigest !== result.evidenceDigest ||
    last.subject !== result.subject ||
    Date.parse(result.evaluatedAt) - Date.parse(last.evaluatedAt) >=
      WRITE_AGAIN_MILLISECONDS
  );
}
