'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Reads the page again while something on it runs; a hidden tab does not ask. */
export function Refresh({ everyMs = 1000, while: isOn }: { everyMs?: number; while: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [isOn, everyMs, router]);
  return null;
}
