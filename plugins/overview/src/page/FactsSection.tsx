import { type ReactNode } from 'react';
import { type Entity } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { EntityLink, type KnownEntities } from '../components/EntityList';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { useEntityHref } from '../components/useEntityHref';
import { relatedRefs, specText } from '../relations/relations';
import { externalRoutes } from '../routes';
import { overviewTranslationRef } from '../translation';
import { apiVersion } from './apiVersion';
import { type EntitySource } from './useSource';

/** What an entity is, whose, and where it is kept. */
export function FactsSection(props: {
  entity: Entity;
  related: KnownEntities;
  source: EntitySource | undefined;
  isSourceLoading: boolean;
}) {
  const { entity, related, source, isSourceLoading } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const kind = entity.kind.toLocaleLowerCase('en-US');
  const owners = relatedRefs(entity, 'ownedBy');
  const systems = relatedRefs(entity, 'partOf');
  const tags = entity.metadata.tags ?? [];
  const isWritten = !['user', 'group'].includes(kind);
  const email = emailOf(entity);
  const { description } = entity.metadata;
  // A group of the directory is its name and its people: nothing to say here.
  if (!isWritten && !description && !email && tags.length === 0) {
    return null;
  }
  return (
    <Section title={t('facts.title')}>
      {description ? (
        <p className={styles.text}>{description}</p>
      ) : (
        isWritten && <p className={styles.quiet}>{t('facts.noDescription')}</p>
      )}
      {source?.summary && source.summary !== description && (
        <p className={styles.text}>{source.summary}</p>
      )}
      <dl className={styles.facts}>
        {isWritten && (
          <Fact name={t('facts.owner')}>
            {owners.length > 0
              ? commaSeparated(owners, related)
              : t('facts.noOwner')}
          </Fact>
        )}
        {systems.length > 0 && (
          <Fact name={t('facts.system')}>
            {commaSeparated(systems, related)}
          </Fact>
        )}
        {kind === 'api' && <ApiFacts entity={entity} />}
        {kind === 'template' && <TemplateFact entity={entity} />}
        {email && (
          <Fact name={t('facts.email')}>
            <Link href={`mailto:${email}`}>{email}</Link>
          </Fact>
        )}
        <SourceFacts
          entity={entity}
          source={source}
          isLoading={isSourceLoading}
        />
        {tags.length > 0 && (
          <Fact name={t('facts.tags')}>
            {tags.map(tag => (
              <span key={tag} className={styles.tag}>
                {tag}
              </span>
            ))}
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function SourceFacts(props: {
  entity: Entity;
  source: EntitySource | undefined;
  isLoading: boolean;
}) {
  const { entity, source, isLoading } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const repositoryPage = useRouteRef(externalRoutes.repository);
  const docsOf = useRouteRef(externalRoutes.docsOf);
  const annotations = entity.metadata.annotations ?? {};
  const location = annotations['backstage.io/source-location'];
  const isInGit = location?.startsWith('url:');
  // Room is kept for what is on its way, so that nothing below moves.
  if (isInGit && isLoading) {
    return (
      <>
        <Fact name={t('facts.repository')}>
          <Skeleton width="60%" height={20} />
        </Fact>
        <Fact name={t('facts.lastChange')} isWide>
          <Skeleton width="80%" height={20} />
        </Fact>
      </>
    );
  }
  const repository = source?.repository;
  const page =
    repository &&
    repositoryPage?.({
      tenant: repository.tenant,
      repository: repository.repository,
    });
  const outside = isInGit && !repository ? location?.slice('url:'.length) : '';
  const hasDocs = annotations['backstage.io/techdocs-ref'] !== undefined;
  return (
    <>
      {repository && page && (
        <Fact name={t('facts.repository')}>
          <Link
            href={
              repository.folder
                ? `${page}?${new URLSearchParams({ path: repository.folder })}`
                : page
            }
          >
            {repository.repository}
          </Link>
        </Fact>
      )}
      {outside && /^https?:/.test(outside) && (
        <Fact name={t('facts.repository')}>
          <Link href={outside}>{new URL(outside).host}</Link>
        </Fact>
      )}
      {hasDocs && docsOf && (
        <Fact name={t('facts.docs')}>
          <Link
            href={docsOf({
              kind: entity.kind.toLocaleLowerCase('en-US'),
              namespace: entity.metadata.namespace ?? 'default',
              name: entity.metadata.name,
            })}
          >
            {t('facts.readDocs')}
          </Link>
        </Fact>
      )}
      {source?.lastChange && (
        <Fact name={t('facts.lastChange')} isWide>
          <Moment at={source.lastChange.at} />
          {`: ${source.lastChange.subject} (${source.lastChange.author})`}
        </Fact>
      )}
    </>
  );
}

function ApiFacts({ entity }: { entity: Entity }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  const hrefOf = useEntityHref();
  const version = apiVersion(entity);
  const { namespace = 'default', name } = entity.metadata;
  return (
    <>
      {version && <Fact name={t('facts.version')}>{version}</Fact>}
      <Fact name={t('facts.definition')}>
        <Link href={`${hrefOf(`api:${namespace}/${name}`)}/definition`}>
          {t('facts.openDefinition', { type: specText(entity, 'type') ?? '' })}
        </Link>
      </Fact>
    </>
  );
}

function TemplateFact({ entity }: { entity: Entity }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  const template = useRouteRef(externalRoutes.template);
  const { namespace = 'default', name } = entity.metadata;
  return template ? (
    <Fact name={t('facts.template')}>
      <Link href={template({ namespace, templateName: name })}>
        {t('facts.useTemplate')}
      </Link>
    </Fact>
  ) : null;
}

function Fact(props: { name: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={props.isWide ? styles.wide : undefined}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function commaSeparated(refs: readonly string[], known: KnownEntities) {
  return refs.map((ref, index) => (
    <span key={ref}>
      {index > 0 && ', '}
      <EntityLink entityRef={ref} known={known} />
    </span>
  ));
}

function emailOf(entity: Entity): string | undefined {
  const profile = entity.spec?.profile;
  return typeof profile === 'object' &&
    profile !== null &&
    'email' in profile &&
    typeof profile.email === 'string'
    ? profile.email
    : undefined;
}
