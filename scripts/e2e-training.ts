/** `npm run e2e:training`: a release before the real trainers (scripts/training.ts). Exit 2 where no trainer can run. */
import { checkTraining } from './training.ts';

const { passed, failed, possible } = await checkTraining((line) => process.stdout.write(`${line}\n`));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = possible ? (failed > 0 ? 1 : 0) : 2;
