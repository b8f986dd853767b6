import { type ReleaseContent } from '@portico/plugin-promotions-common';
import { type SourceCommit } from '@portico/plugin-promotions-node';

/** The commits between two releases, newest first. */
export interface CommitsBetween {
  items: SourceCommit[];
  /** Why there are none, or not all. */
  note?: string;
  /** The second release is the older one: these commits are taken back. */
  reversed: boolean;
}

/** Reads what was written between two releases from the repository that they come from. */
export interface SourceCommits {
  /** Never throws for what is not there, or not to be seen: then it says so in the note. */
  between(options: {
    tenant: string;
    before: Pick<ReleaseContent, 'source'> | undefined;
    after: Pick<ReleaseContent, 'source'>;
  }): Promise<CommitsBetween>;
}
