import { type Commit } from '@portico/plugin-git-host-common';
import { type ReleaseContent } from '@portico/plugin-promotions-common';

/** The commits between two releases, newest first. */
export interface CommitsBetween {
  items: Commit[];
  /** Why there are none, or not all. */
  note?: string;
  /** The second release is the older one: these commits are taken back. */
  reversed: boolean;
}

/** Reads what was written between two releases from the repository that they come from. */
export interface SourceCommits {
  /** Never throws for what is not there: then it says so in the note. */
  between(options: {
    tenant: string;
    before: Pick<ReleaseContent, 'source'> | undefined;
    after: Pick<ReleaseContent, 'source'>;
  }): Promise<CommitsBetween>;
}
