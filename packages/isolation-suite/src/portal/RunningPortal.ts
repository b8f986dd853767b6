import { type StandInCluster } from './StandInCluster';
import { type StandInRuntime } from './StandInRuntime';

/** A portal that the suite runs against. */
export interface RunningPortal {
  url: string;
  /** A superuser's connection to its database, where there is one. */
  adminConnectionString?: string;
  /** Where published documents lie, where the suite may write there. */
  docsDirectory?: string;
  /** Where bare repositories lie, where the suite may read there. */
  gitDirectory?: string;
  /** The cluster that it reads, where it is the suite's own. */
  cluster?: StandInCluster;
  /** The local runtime that it asks, where it is the suite's own. */
  runtime?: StandInRuntime;
  /** All that the portal has written to its log. */
  log(): string;
}
