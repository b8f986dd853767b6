import { useEffect, useState } from 'react';

const STEP_MILLISECONDS = 15_000;

/** The time, moved on often enough for ages in words. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), STEP_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
