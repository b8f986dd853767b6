import { parseEntityRef } from '@backstage/catalog-model';
import { type Promotion } from '@portico/plugin-promotions-common';

/** Trailer that an effect is found by; its value is the key of the effect. */
export const EFFECT_TRAILER = 'Portico-Effect';

/** First line of the commit and title of the pull request. */
export function commitTitle(promotion: Promotion): string {
  const { name } = parseEntityRef(promotion.component);
  return oneLine(
    `Run ${name} ${promotion.release.content.version} in ${promotion.environment}`,
  );
}

/** What a commit says for programs: which promotion, and who approved it. */
export function commitTrailers(
  promotion: Promotion,
  key: string,
  approvedBy: readonly string[],
): Record<string, string> {
  const { version, source } = promotion.release.content;
  return {
    'Portico-Promotion': promotion.id,
    [EFFECT_TRAILER]: key,
    'Portico-Release': promotion.release.id,
    'Portico-Version': oneLine(version),
    'Portico-Component': parseEntityRef(promotion.component).name,
    'Portico-Environment': promotion.environment,
    ...(source && { 'Portico-Source-Commit': source.commit }),
    ...(approvedBy.length > 0 && {
      'Portico-Approved-By': oneLine([...approvedBy].sort().join(', ')),
    }),
  };
}

/** A text of somebody else's must not become a trailer of ours. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
