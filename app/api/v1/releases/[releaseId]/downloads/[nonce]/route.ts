import { Readable } from 'node:stream';
import { route } from '#lib/http/route.ts';
import { NO_STORE } from '#lib/http/security-headers.ts';
import { takeDownload } from '#lib/usecases/releases/download-release.ts';

type Params = { releaseId: string; nonce: string };
export const GET = route<Params>('releases.content', async (actor, { params }) => {
  const { name, bytes, chunks } = await takeDownload(actor, params.releaseId, params.nonce);
  return new Response(Readable.toWeb(Readable.from(chunks)) as ReadableStream<Uint8Array>, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${name}"`,
      ...NO_STORE,
      'X-Content-Type-Options': 'nosniff',
      ...(bytes === null ? {} : { 'Content-Length': String(bytes) }),
    },
  });
});
