'use client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

type JoinFormProps = {
  /** Where the new person is sent: the first admin's set-up, or an invitation. */
  endpoint: string;
  token: string;
  /** Given with an invitation, asked for at set-up. */
  email?: string;
  asksForProject?: boolean;
};

/** Name and password of a new person; the link's token goes in the body, never in a further address. */
export function JoinForm({ endpoint, token, email, asksForProject }: JoinFormProps) {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    setIsBusy(true);
    setFault(null);
    try {
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          token,
          name: text('name'),
          password: text('password'),
          ...(email ? {} : { email: text('email') }),
          ...(asksForProject ? { project: text('project') } : {}),
        }),
      });
      if (answer.ok) {
        location.assign('/sign-in?welcome=1');
        return;
      }
      const { error } = (await answer.json()) as { error?: { message?: string } };
      setFault(error?.message ?? 'That did not work.');
    } catch {
      setFault('The installation does not answer. Try again in a moment.');
    }
    setIsBusy(false);
  }
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      {fault && <Banner tone="fail" title={fault} live />}
      {email ? (
        <TextField label="E-mail" value={email} readOnly autoComplete="username" name="email" />
      ) : (
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      )}
      <TextField label="Name" name="name" autoComplete="name" required maxLength={100} />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={15}
        maxLength={128}
        hint="At least 15 characters. A sentence works well; pasting from a password manager is fine."
      />
      {asksForProject && (
        <TextField
          label="First project"
          name="project"
          required
          maxLength={60}
          hint="What the logs are about, for instance “Support chat”."
        />
      )}
      <Button type="submit" tone="primary" disabled={isBusy}>
        {isBusy ? 'One moment' : 'Create account'}
      </Button>
    </form>
  );
}
