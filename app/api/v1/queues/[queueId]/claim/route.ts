import { toTranscript } from '#components/transcript/to-transcript.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { claimForDesk, claimOne, DeskClaim } from '#lib/usecases/queues/claim-for-desk.ts';

/** Without `want` the API's form: one item, or 204. With it the desk's: items with their text, ready to draw. */
export const POST = routeWithBody<{ queueId: string }, typeof DeskClaim>(
  'queues.claim',
  DeskClaim,
  async (actor, { params, body }) => {
    if (body.want === undefined) return (await claimOne(actor, params.queueId)) ?? new Response(null, { status: 204 });
    const claimed = await claimForDesk(actor, params.queueId, { want: body.want, have: body.have ?? [] });
    if (claimed.kind === 'pair')
      return {
        left: claimed.left,
        work: claimed.work,
        items: claimed.items.map(({ prompt, left, right, ...item }) => ({
          ...item,
          prompt: toTranscript(prompt),
          sides: { left: toTranscript(left), right: toTranscript(right) },
        })),
      };
    if (claimed.kind === 'sweep') return { left: claimed.left, work: claimed.work, items: claimed.items };
    if (claimed.kind === 'adjudicate')
      return {
        left: claimed.left,
        work: claimed.work,
        items: claimed.items.map(({ unit, ...item }) => ({ ...item, events: toTranscript(unit) })),
      };
    return {
      left: claimed.left,
      work: claimed.work,
      items: claimed.items.map(({ unit, ...item }) => ({ ...item, kind: unit.unit, events: toTranscript(unit) })),
    };
  },
);
