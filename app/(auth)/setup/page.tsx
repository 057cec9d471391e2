import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Door } from '#components/people/door.tsx';
import { SetupForm } from '#components/people/setup-form.tsx';
import { isSetUp } from '#lib/usecases/people/set-up.ts';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetupPage() {
  if (await isSetUp()) notFound();
  return (
    <Door
      title="Set up Assay"
      lead="You become the admin: you invite people and give them roles. The link works once, for 15 minutes."
    >
      <SetupForm />
    </Door>
  );
}
