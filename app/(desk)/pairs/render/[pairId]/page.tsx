import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { RenderingPage } from '#components/training/rendering-page.tsx';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { readWish, showPairRendering, TEMPLATE_FAMILIES } from '#lib/usecases/training/show-rendering.ts';

export const metadata: Metadata = { title: 'What the trainer sees' };

export default async function PairRenderingPage({
  params,
  searchParams,
}: {
  params: Promise<{ pairId: string }>;
  searchParams: Promise<{ template?: string; date?: string }>;
}) {
  const actor = await requireActor('pair.read');
  const { pairId } = await params;
  const { family, date } = readWish(await searchParams, new Date());
  const rendering = await orNotFound(showPairRendering(actor, pairId, family, date));
  if (!rendering) notFound();
  return <RenderingPage above={<Link href="/pairs">Pairs</Link>} rendering={rendering} families={TEMPLATE_FAMILIES} />;
}
