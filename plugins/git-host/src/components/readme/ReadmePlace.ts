import { createContext, useContext } from 'react';
import { type RepositoryName } from '../../api/GitHostApi';

/** The document that links and images are relative to. */
export interface ReadmePlace {
  name: RepositoryName;
  gitRef: string;
  /** From the root of the repository. */
  path: string;
  /** Address of a file that is not shown on the repository's page. */
  hrefOf?: (path: string) => string | undefined;
}

export const ReadmePlaceContext = createContext<ReadmePlace | undefined>(
  undefined,
);

export function useReadmePlace(): ReadmePlace {
  const place = useContext(ReadmePlaceContext);
  if (!place) {
    throw new Error('Parts of a document are rendered inside of Readme');
  }
  return place;
}
