/** Looks at one promotion; a hint, since whoever is due is found without it too. */
export const ADVANCE_TASK = 'promotions.advance';
