import { dispatch, isBrokenPipe } from './dispatch.ts';

const { stdin, stdout, stderr } = process;
for (const stream of [stdout, stderr]) {
  stream.on('error', (error) => {
    if (isBrokenPipe(error)) process.exit(0);
    throw error;
  });
}
const status = await dispatch(process.argv.slice(2), { stdin, stdout, stderr });
// Both streams may be pipes that still hold bytes: leave only when they are written.
await Promise.all([stdout, stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))));
process.exit(status);
