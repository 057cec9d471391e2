/**
 * Outside the matcher of proxy.ts on purpose: with a proxy on its path the framework hands on at most 10 MB of a body and
 * says nothing (docs/decisions/0010-upload-outside-the-proxy.md).
 */
import { Problem } from '#lib/core/policy/problem.ts';
import { problemResponse } from '#lib/http/errors.ts';
import { route } from '#lib/http/route.ts';
import { NO_STORE } from '#lib/http/security-headers.ts';
import { receiveBytes, uploadOffset } from '#lib/usecases/imports/receive-logs.ts';

type Params = { importId: string };
const headers = (offset: number) => ({ 'Upload-Offset': String(offset), ...NO_STORE });

export const HEAD = route<Params>(
  'import.content',
  async (actor, { params }) =>
    new Response(null, { status: 200, headers: headers(await uploadOffset(actor, params.importId)) }),
);

export const PATCH = route<Params>('import.content', async (actor, { params, request }) => {
  const declared = request.headers.get('upload-offset') ?? '';
  if (!/^\d{1,15}$/.test(declared)) throw new Problem('invalid', { fields: ['Upload-Offset'] });
  try {
    const body = (request.body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>;
    const offset = await receiveBytes(actor, params.importId, Number(declared), body);
    return new Response(null, { status: 204, headers: headers(offset) });
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'offset_mismatch') throw thrown;
    const refused = problemResponse(thrown, 'import.content');
    refused.headers.set('Upload-Offset', String(thrown.details.offset));
    return refused;
  }
});
