import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Card,
  CardBody,
  CardHeader,
  CellText,
  type ColumnConfig,
  Table,
  Text,
} from '@backstage/ui';
import { type Tree, type TreeEntry } from '@portico/plugin-git-host-common';
import {
  RiFileLine,
  RiFolderFill,
  RiGitRepositoryLine,
  RiLinkM,
} from '@remixicon/react';
import useAsync from 'react-use/esm/useAsync';
import { gitHostApiRef, type RepositoryName } from '../api/GitHostApi';
import { isReadme } from '../content/fileKinds';
import { formatSize } from '../content/formatSize';
import { useRepositoryLinks } from '../hooks/useRepositoryLinks';
import { gitHostTranslationRef } from '../translation';
import { Readme } from './readme/Readme';

type Row = TreeEntry & { id: string };

/** A folder of a repository, and its README below it. */
export function FolderView(props: {
  name: RepositoryName;
  gitRef: string;
  tree: Tree;
}) {
  const { name, gitRef, tree } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const links = useRepositoryLinks();
  const readme = tree.entries.find(
    entry => entry.kind === 'file' && isReadme(entry.path),
  );
  const columns: ColumnConfig<Row>[] = [
    {
      id: 'name',
      label: t('repository.fileName'),
      isRowHeader: true,
      cell: entry => (
        <CellText
          title={entry.path.split('/').pop() ?? entry.path}
          leadingIcon={<EntryIcon kind={entry.kind} />}
          description={describe(entry.kind)}
          href={
            entry.kind === 'file' || entry.kind === 'folder'
              ? links.of(name, { ref: gitRef, path: entry.path })
              : undefined
          }
        />
      ),
    },
    {
      id: 'size',
      label: t('repository.fileSize'),
      defaultWidth: 140,
      cell: entry => (
        <CellText
          title={entry.size === undefined ? '' : formatSize(entry.size)}
        />
      ),
    },
  ];
  function describe(kind: TreeEntry['kind']): string | undefined {
    switch (kind) {
      case 'symlink':
        return t('repository.symlink');
      case 'submodule':
        return t('repository.submodule');
      case 'file':
      case 'folder':
        return undefined;
      default: {
        const unknown: never = kind;
        return unknown;
      }
    }
  }
  return (
    <>
      <Table
        columnConfig={columns}
        data={tree.entries.map(entry => ({ ...entry, id: entry.path }))}
        pagination={{ type: 'none' }}
        emptyState={t('repository.emptyFolder')}
      />
      {readme && (
        <FolderReadme name={name} gitRef={gitRef} path={readme.path} />
      )}
    </>
  );
}

function EntryIcon(props: { kind: TreeEntry['kind'] }) {
  switch (props.kind) {
    case 'folder':
      return <RiFolderFill size={18} aria-hidden />;
    case 'file':
      return <RiFileLine size={18} aria-hidden />;
    case 'symlink':
      return <RiLinkM size={18} aria-hidden />;
    case 'submodule':
      return <RiGitRepositoryLine size={18} aria-hidden />;
    default: {
      const unknown: never = props.kind;
      return unknown;
    }
  }
}

function FolderReadme(props: {
  name: RepositoryName;
  gitRef: string;
  path: string;
}) {
  const { name, gitRef, path } = props;
  const gitHost = useApi(gitHostApiRef);
  // The folder is there without it, so neither waiting nor failing is shown.
  const { value: file } = useAsync(
    () => gitHost.file({ ...name, ref: gitRef, path }),
    [gitHost, name.tenant, name.repository, gitRef, path],
  );
  if (file?.encoding !== 'utf-8') {
    return null;
  }
  return (
    <Card>
      <CardHeader>
        <Text as="h3" variant="title-x-small">
          {path.split('/').pop()}
        </Text>
      </CardHeader>
      <CardBody>
        <Readme
          name={name}
          gitRef={gitRef}
          path={path}
          content={file.content}
        />
      </CardBody>
    </Card>
  );
}
