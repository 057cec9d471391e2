/** Every adapter there is. A new one is a line here; `specificity` in the adapter decides ties, not this order. */
import type { Adapter } from '../adapter.ts';
import { claudeCode } from './claude-code.ts';
import { langfuse } from './langfuse.ts';
import { oasst } from './oasst.ts';
import { openaiChat } from './openai-chat.ts';
import { openinference } from './openinference.ts';
import { otlp } from './otlp.ts';
import { tauBench } from './tau-bench.ts';

export const ADAPTERS: readonly Adapter[] = [claudeCode, langfuse, oasst, openaiChat, openinference, otlp, tauBench];
