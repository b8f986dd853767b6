/** An exact amount: a whole number of the smallest unit of its currency. */
export interface Amount {
  readonly currency: string;
  /** Such as cents. */
  readonly units: number;
}

/** @throws RangeError when it is no amount that can be counted exactly */
export function amount(units: number, currency: string): Amount {
  if (!Number.isSafeInteger(units)) {
    throw new RangeError(`${units} is no whole number of units.`);
  }
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new RangeError(
      `"${currency}" is no currency; expected three letters such as EUR.`,
    );
  }
  return { currency, units };
}

/** @throws RangeError when the currencies differ, or the sum is too large to be exact */
export function add(left: Amount, right: Amount): Amount {
  if (left.currency !== right.currency) {
    throw new RangeError(
      `${left.currency} and ${right.currency} cannot be added.`,
    );
  }
  return amount(left.units + right.units, left.currency);
}

/**
 * Splits an amount so that nothing is lost: the parts add up to the whole, and each
 * differs from its exact share by less than one unit. Earlier parts get what is over.
 *
 * @param weights - at least one, none below zero, not all zero
 */
export function split(whole: Amount, weights: readonly number[]): Amount[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0) || weights.some(weight => !(weight >= 0))) {
    throw new RangeError(
      'The weights must not be below zero, and not all zero.',
    );
  }
  const sign = Math.sign(whole.units);
  const units = Math.abs(whole.units);
  const exact = weights.map(weight => (units * weight) / sum);
  const parts = exact.map(Math.floor);
  let over = units - parts.reduce((total, part) => total + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort(
      (left, right) =>
        right.remainder - left.remainder || left.index - right.index,
    );
  for (const { index } of byRemainder) {
    if (over <= 0) {
      break;
    }
    parts[index] += 1;
    over -= 1;
  }
  return parts.map(part =>
    amount(part === 0 ? 0 : sign * part, whole.currency),
  );
}

/** Such as `12.50 EUR`; for people in one language use `Intl.NumberFormat` instead. */
export function format(value: Amount, decimals = 2): string {
  const digits = String(Math.abs(value.units)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const rest = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${value.units < 0 ? '-' : ''}${whole}${rest} ${value.currency}`;
}
