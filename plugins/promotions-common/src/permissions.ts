import { createPermission } from '@backstage/plugin-permission-common';

/** See releases, lanes, promotions, diffs, drift and figures of the own tenant. */
export const promotionReadPermission = createPermission({
  name: 'promotions.read',
  attributes: { action: 'read' },
});

/** Announce releases: CI. */
export const releaseAnnouncePermission = createPermission({
  name: 'promotions.release.announce',
  attributes: { action: 'create' },
});

/** Reject a release for good. */
export const releaseRejectPermission = createPermission({
  name: 'promotions.release.reject',
  attributes: { action: 'update' },
});

/** Ask for promotions and rollbacks, and cancel them. */
export const promotionRequestPermission = createPermission({
  name: 'promotions.request',
  attributes: { action: 'create' },
});

/** Vote; which votes count is up to the rules of each gate. */
export const promotionVotePermission = createPermission({
  name: 'promotions.vote',
  attributes: { action: 'update' },
});

/** Break glass, and confirm it as the second person. */
export const promotionOverridePermission = createPermission({
  name: 'promotions.override',
  attributes: { action: 'update' },
});

/** Stop the line and lift a stop, hold and release automation, mute drift. */
export const promotionOperatePermission = createPermission({
  name: 'promotions.operate',
  attributes: { action: 'update' },
});

export const promotionPermissions = [
  promotionReadPermission,
  releaseAnnouncePermission,
  releaseRejectPermission,
  promotionRequestPermission,
  promotionVotePermission,
  promotionOverridePermission,
  promotionOperatePermission,
];
