import { useEffect } from 'react';
import { type InboxPartProps } from '@portico/plugin-home';

/** Promotions that wait for the person who looks. */
export function PromotionsPart({ onSettled }: InboxPartProps) {
  useEffect(() => onSettled(0), [onSettled]);
  return <></>;
}
