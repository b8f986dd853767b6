import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { type Repository } from '@portico/plugin-git-host-common';
import { gitHostTranslationRef } from '../translation';
import { CopyableText } from './CopyableText';

/** What to do with a repository that has no commit yet. */
export function EmptyRepository(props: { repository: Repository }) {
  const { cloneUrl, defaultBranch, name } = props.repository;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const commands = [
    `git clone ${cloneUrl}`,
    `cd ${name}`,
    `git switch -c ${defaultBranch}`,
    `echo '# ${name}' > README.md`,
    'git add README.md',
    'git commit -m "Add a README"',
    `git push -u origin ${defaultBranch}`,
  ].join('\n');
  return (
    <Card>
      <CardHeader>
        <Text as="h3" variant="title-x-small">
          {t('empty.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <Text as="p">{t('empty.description', { branch: defaultBranch })}</Text>
        <CopyableText
          text={commands}
          label={t('empty.label')}
          copyLabel={t('empty.copyLabel')}
        />
      </CardBody>
    </Card>
  );
}
