'use client';
import { useRouter } from 'next/navigation';
import { createContext, useContext, useState, useTransition } from 'react';
import { toast } from './toast.tsx';

/** What a server action answers; the wrapper in lib/http makes it. */
export type Answer<T> = { ok: true; value: T } | { ok: false; code: string; message: string; details?: unknown };

/** Asks the person to prove who they are; false when they leave it. The shell gives it. */
export const AskForProof = createContext<() => Promise<boolean>>(async () => false);

/** Runs a server action: busy while it runs, the sentence when it is refused, the page read again when it worked. */
export function useAct() {
  const router = useRouter();
  const [isPending, start] = useTransition();
  const [fault, setFault] = useState<string | null>(null);
  const askForProof = useContext(AskForProof);
  function run<T>(act: () => Promise<Answer<T>>, done?: (value: T) => void, says?: string): void {
    setFault(null);
    start(async () => {
      let answer = await act().catch(() => null);
      if (answer?.ok === false && answer.code === 'reauth_required' && (await askForProof()))
        answer = await act().catch(() => null);
      if (answer?.ok) {
        if (says) toast(says, { tone: 'pass' });
        done?.(answer.value);
        router.refresh();
      } else
        setFault(answer?.message ?? 'The installation does not answer. Nothing was changed; try again in a moment.');
    });
  }
  return { run, isPending, fault, clear: () => setFault(null) };
}
