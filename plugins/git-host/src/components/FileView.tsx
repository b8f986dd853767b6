import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Card,
  CardBody,
  CardHeader,
  Flex,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { type FileContent } from '@portico/plugin-git-host-common';
import { RiDownloadLine } from '@remixicon/react';
import { type RepositoryName } from '../api/GitHostApi';
import { dataUrl, fileBlob } from '../content/dataUrl';
import { imageType, isMarkdown } from '../content/fileKinds';
import { formatSize } from '../content/formatSize';
import { gitHostTranslationRef } from '../translation';
import { Readme } from './readme/Readme';
import styles from './RepositoryPage.module.css';

/** Bytes of text that a browser shows in one piece without a pause. */
const MAX_SHOWN_BYTES = 512 * 1024;

/** One file: text, rendered Markdown, an image, or what to do with anything else. */
export function FileView(props: {
  name: RepositoryName;
  gitRef: string;
  file: FileContent;
}) {
  const { name, gitRef, file } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const canRender = file.encoding === 'utf-8' && isMarkdown(file.path);
  const [view, setView] = useState<'rendered' | 'source'>('rendered');
  const isRendered = canRender && view === 'rendered';
  return (
    <Card>
      <CardHeader>
        <Flex align="center" justify="between" gap="3">
          <Text as="h3" variant="title-x-small">
            {file.path.split('/').pop()}{' '}
            <Text as="span" color="secondary">
              {formatSize(file.size)}
            </Text>
          </Text>
          <Flex gap="2">
            {canRender && (
              <ToggleButtonGroup
                aria-label={t('file.viewLabel')}
                selectionMode="single"
                disallowEmptySelection
                selectedKeys={[view]}
                onSelectionChange={([selected]) =>
                  setView(selected === 'source' ? 'source' : 'rendered')
                }
              >
                <ToggleButton id="rendered" size="small">
                  {t('file.rendered')}
                </ToggleButton>
                <ToggleButton id="source" size="small">
                  {t('file.source')}
                </ToggleButton>
              </ToggleButtonGroup>
            )}
            <Button
              variant="secondary"
              size="small"
              iconStart={<RiDownloadLine />}
              onPress={() => download(file)}
            >
              {t('file.download')}
            </Button>
          </Flex>
        </Flex>
      </CardHeader>
      <CardBody>
        {isRendered ? (
          <Readme
            name={name}
            gitRef={gitRef}
            path={file.path}
            content={file.content}
          />
        ) : (
          <FileBody file={file} />
        )}
      </CardBody>
    </Card>
  );
}

function FileBody(props: { file: FileContent }) {
  const { file } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const mediaType = imageType(file.path);
  if (mediaType) {
    return (
      <img
        className={styles.image}
        src={dataUrl(file, mediaType)}
        alt={file.path}
      />
    );
  }
  if (file.encoding !== 'utf-8') {
    return (
      <Text as="p">{t('file.binary', { size: formatSize(file.size) })}</Text>
    );
  }
  if (file.size > MAX_SHOWN_BYTES) {
    return (
      <Text as="p">{t('file.tooLarge', { size: formatSize(file.size) })}</Text>
    );
  }
  return (
    <pre
      className={styles.code}
      // Scrolls, so it must be reachable with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label={t('file.content', { path: file.path })}
    >
      {file.content
        .replace(/\n$/, '')
        .split('\n')
        .map((line, index) => (
          // Lines have no identity but their number.
          // eslint-disable-next-line react/no-array-index-key
          <span key={index} className={styles.line}>
            {line}
            {'\n'}
          </span>
        ))}
    </pre>
  );
}

function download(file: FileContent): void {
  const url = URL.createObjectURL(fileBlob(file));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.path.split('/').pop() ?? 'file';
  link.click();
  URL.revokeObjectURL(url);
}
