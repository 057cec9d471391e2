'use client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { buttonStyle } from '../ui/button-style.ts';
import { TextField } from '../ui/field.tsx';

const SAYS: Record<string, string> = {
  CredentialsSignin: 'E-mail or password is wrong.',
  too_many_tries: 'Too many tries. Wait a little, then try again.',
  unavailable: 'The store is not reachable just now. Try again in a moment.',
};

/** Signs in through next-auth's own calls: its csrf token, then its callback, which sets the cookie. */
async function signIn(email: string, password: string): Promise<string | null> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string };
  const answer = await fetch('/api/auth/callback/credentials', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, email, password, callbackUrl: '/', json: 'true' }),
  });
  if (answer.ok) return null;
  const { url } = (await answer.json().catch(() => ({}))) as { url?: string };
  return (url && new URL(url, location.origin).searchParams.get('error')) || 'CredentialsSignin';
}

export function SignInForm({ next }: { next: string }) {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setFault(null);
    const refused = await signIn(String(form.get('email')), String(form.get('password'))).catch(() => 'unavailable');
    if (refused === null) location.assign(next);
    else {
      setFault(SAYS[refused] ?? 'E-mail or password is wrong.');
      setIsBusy(false);
    }
  }
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      {fault && <Banner tone="fail" title={fault} live />}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      <button type="submit" className={buttonStyle({ tone: 'primary' })} disabled={isBusy}>
        {isBusy ? 'Signing in' : 'Sign in'}
      </button>
    </form>
  );
}
