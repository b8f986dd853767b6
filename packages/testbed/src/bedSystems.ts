import { type BedSystem } from './BedSystem';
import { argocd } from './systems/argocd';
import { etcd } from './systems/etcd';
import { gitea } from './systems/gitea';
import { kubernetes } from './systems/kubernetes';
import { kwok } from './systems/kwok';
import { nats } from './systems/nats';
import { opa } from './systems/opa';
import { postgres } from './systems/postgres';
import { redis } from './systems/redis';
import { toxiproxy } from './systems/toxiproxy';

/** All systems of the bed; what needs others stands after them. */
export const bedSystems: readonly BedSystem[] = [
  postgres,
  gitea,
  etcd,
  kubernetes,
  kwok,
  redis,
  argocd,
  nats,
  opa,
  toxiproxy,
];
