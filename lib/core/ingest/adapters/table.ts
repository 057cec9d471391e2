/** Every adapter there is. A new one is a line here; `specificity` in the adapter decides ties, not this order. */
import type { Adapter } from '../adapter.ts';
import { openaiChat } from './openai-chat.ts';

export const ADAPTERS: readonly Adapter[] = [openaiChat];
