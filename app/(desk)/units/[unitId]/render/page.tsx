import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { RenderingPage } from '#components/training/rendering-page.tsx';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { readWish, showUnitRendering, TEMPLATE_FAMILIES } from '#lib/usecases/training/show-rendering.ts';

export const metadata: Metadata = { title: 'What the trainer sees' };

export default async function UnitRenderingPage({
  params,
  searchParams,
}: {
  params: Promise<{ unitId: string }>;
  searchParams: Promise<{ template?: string; date?: string }>;
}) {
  const actor = await requireActor('unit.read');
  const { unitId } = await params;
  const { family, date } = readWish(await searchParams, new Date());
  const rendering = await orNotFound(showUnitRendering(actor, unitId, family, date));
  if (!rendering) notFound();
  return (
    <RenderingPage
      above={<Link href={`/units/${encodeURIComponent(unitId)}`}>Unit</Link>}
      rendering={rendering}
      families={TEMPLATE_FAMILIES}
    />
  );
}
