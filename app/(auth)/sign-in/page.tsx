import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Door } from '#components/people/door.tsx';
import { SignInForm } from '#components/people/sign-in-form.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { findActor } from '#lib/http/require-actor.ts';
import { isSetUp } from '#lib/usecases/people/set-up.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string; welcome?: string }>;
}) {
  if (await findActor()) redirect('/');
  const { next, welcome } = await searchParams;
  const target = next?.startsWith('/') && !next.startsWith('//') ? next : '/';
  return (
    <Door
      title="Sign in"
      lead={(await isSetUp()) ? undefined : 'Nobody is set up yet. Open the one-time link that the start printed.'}
    >
      {welcome && <Banner tone="pass" title="Your account is ready. Sign in with it." />}
      <SignInForm next={target} />
    </Door>
  );
}
