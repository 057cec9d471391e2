/** Long differences away from the page: 5,000 words take about 0.8 s. */
import { answerDiff, type DiffAsk } from './diff.ts';

self.addEventListener('message', (event: MessageEvent<DiffAsk>) => {
  self.postMessage(answerDiff(event.data));
});
