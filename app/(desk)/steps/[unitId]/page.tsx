import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { StepDesk } from '#components/steps/step-desk.tsx';
import { toTranscript } from '#components/transcript/to-transcript.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showSteps } from '#lib/usecases/steps/mark-steps.ts';
import { mark } from '../actions.ts';

export const metadata: Metadata = { title: 'Step desk' };

export default async function StepDeskPage({ params }: { params: Promise<{ unitId: string }> }) {
  const actor = await requireActor('unit.retag');
  const view = await orNotFound(showSteps(actor, decodeURIComponent((await params).unitId)));
  if (!view) notFound();
  const { unit, ...rest } = view;
  return <StepDesk key={`${view.unitId} ${view.unitHash}`} {...rest} events={toTranscript(unit)} onMark={mark} />;
}
