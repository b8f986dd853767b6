import { isDeepStrictEqual } from 'node:util';
import {
  approvalGateOptionsSchema,
  type ApprovalGateOptions,
  durationMilliseconds,
  durationSchema,
  freezeGateOptionsSchema,
  type FrozenGate,
} from '@portico/plugin-promotions-common';

type Options = FrozenGate['options'];

/** Most rules that one approval gate can have. */
const MOST_RULES = 10;
const NAME_LENGTH = 63;

/**
 * Puts a tenant's gates to the platform's: every question of both is asked.
 *
 * Where both have a gate of one name and kind, one gate asks what both ask, if the kind has a
 * rule for that; otherwise both are asked, the tenant's under a name of its own. Nothing that
 * a tenant writes takes a question away or makes it easier.
 *
 * @param suffix - added to the name of a gate that is there already: the tenant
 */
export function uniteGates(
  platform: readonly FrozenGate[],
  tenant: readonly FrozenGate[],
  suffix: string,
): FrozenGate[] {
  const united = [...platform];
  for (const gate of tenant) {
    const index = platform.findIndex(({ name }) => name === gate.name);
    const both =
      platform[index]?.kind === gate.kind
        ? stricter(gate.kind, platform[index].options, gate.options)
        : undefined;
    if (both) {
      united[index] = {
        ...platform[index],
        options: both,
        requiredBy: isDeepStrictEqual(both, platform[index].options)
          ? platform[index].requiredBy
          : gate.requiredBy,
      };
    } else {
      const taken = new Set(
        [...united, ...tenant.filter(other => other !== gate)].map(
          ({ name }) => name,
        ),
      );
      united.push({ ...gate, name: freeName(gate.name, suffix, taken) });
    }
  }
  return united;
}

/** Options that ask for what both ask for; undefined where no one set of options does. */
function stricter(
  kind: string,
  platform: Options,
  tenant: Options,
): Options | undefined {
  if (isDeepStrictEqual(platform, tenant)) {
    return platform;
  }
  switch (kind) {
    case 'approval':
      return stricterApproval(platform, tenant);
    case 'freeze':
      return stricterFreeze(platform, tenant);
    case 'soak':
      return stricterSoak(platform, tenant);
    default:
      return undefined;
  }
}

/**
 * Rules of both, each person for one of them. A rule of one name and the same groups needs
 * the larger number; one with other groups is another rule.
 */
function stricterApproval(
  platformOptions: Options,
  tenantOptions: Options,
): Options | undefined {
  const platform = approvalGateOptionsSchema.safeParse(platformOptions);
  const tenant = approvalGateOptionsSchema.safeParse(tenantOptions);
  if (!platform.success || !tenant.success) {
    return undefined;
  }
  const rules = platform.data.rules.map(rule => ({ ...rule }));
  for (const wanted of tenant.data.rules) {
    const same = rules.find(
      ({ name, from }) =>
        name === wanted.name && sameMembers(from, wanted.from),
    );
    if (same) {
      same.required = Math.max(same.required, wanted.required);
    } else {
      const taken = new Set(
        [...rules, ...tenant.data.rules.filter(rule => rule !== wanted)].map(
          ({ name }) => name,
        ),
      );
      rules.push({ ...wanted, name: freeName(wanted.name, 'own', taken) });
    }
  }
  if (rules.length > MOST_RULES) {
    return undefined;
  }
  const expiresAfter = shorter(
    platform.data.expiresAfter,
    tenant.data.expiresAfter,
  );
  const signedInWithin = shorter(
    platform.data.signedInWithin,
    tenant.data.signedInWithin,
  );
  const united: ApprovalGateOptions = {
    rules,
    ...(expiresAfter !== undefined && { expiresAfter }),
    ...(signedInWithin !== undefined && { signedInWithin }),
    authors:
      platform.data.authors === 'excluded' || tenant.data.authors === 'excluded'
        ? 'excluded'
        : 'excludedIfKnown',
    // Without it they are signed.
    manifests:
      platform.data.manifests === 'signedIfKnown'
        ? tenant.data.manifests
        : platform.data.manifests,
    informs: tenant.data.informs?.length
      ? tenant.data.informs
      : platform.data.informs,
  };
  return JSON.parse(JSON.stringify(united));
}

/**
 * Windows of both. Of several `allow` windows one is enough, so those of two pipelines are
 * never put together.
 */
function stricterFreeze(
  platformOptions: Options,
  tenantOptions: Options,
): Options | undefined {
  const platform = freezeGateOptionsSchema.safeParse(platformOptions);
  const tenant = freezeGateOptionsSchema.safeParse(tenantOptions);
  if (!platform.success || !tenant.success) {
    return undefined;
  }
  const allows = [platform.data, tenant.data].filter(({ windows }) =>
    windows.some(({ effect }) => effect === 'allow'),
  );
  const windows = [...platform.data.windows, ...tenant.data.windows];
  const united = { ...platformOptions, windows };
  return allows.length < 2 && freezeGateOptionsSchema.safeParse(united).success
    ? JSON.parse(JSON.stringify(united))
    : undefined;
}

/** The longer time in the same environment, seen to be healthy if either asks for that. */
function stricterSoak(platform: Options, tenant: Options): Options | undefined {
  const { duration: first, health: firstHealth, ...platformRest } = platform;
  const { duration: second, health: secondHealth, ...tenantRest } = tenant;
  const known = durationSchema.safeParse(first);
  const wanted = durationSchema.safeParse(second);
  if (
    !known.success ||
    !wanted.success ||
    !isDeepStrictEqual(platformRest, tenantRest)
  ) {
    return undefined;
  }
  const isLonger =
    durationMilliseconds(wanted.data) > durationMilliseconds(known.data);
  return {
    ...platform,
    duration: isLonger ? wanted.data : known.data,
    health: firstHealth === 'notNeeded' ? secondHealth : firstHealth,
  };
}

/** The shorter of two durations, either of which may be missing. */
export function shorter(
  first: string | undefined,
  second: string | undefined,
): string | undefined {
  if (first === undefined || second === undefined) {
    return first ?? second;
  }
  return durationMilliseconds(second) < durationMilliseconds(first)
    ? second
    : first;
}

function sameMembers(first: string[], second: string[]): boolean {
  return isDeepStrictEqual(new Set(first), new Set(second));
}

/** The name itself, or with a suffix until it is free. */
function freeName(
  name: string,
  suffix: string,
  taken: ReadonlySet<string>,
): string {
  for (let count = 0; ; count += 1) {
    let end = '';
    if (count > 0) {
      end = count === 1 ? `-${suffix}` : `-${suffix}-${count}`;
    }
    const candidate = `${name.slice(0, NAME_LENGTH - end.length)}${end}`;
    if (!taken.has(candidate)) {
      return candidate;
    }
  }
}
