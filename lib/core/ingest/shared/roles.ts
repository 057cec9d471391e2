/** Who spoke, by the words that logs use for it. */
export type Speaker = 'system' | 'user' | 'assistant' | 'tool';

const SPEAKERS: { [word: string]: Speaker } = {
  system: 'system',
  developer: 'system',
  systemmessage: 'system',
  system_message: 'system',
  user: 'user',
  human: 'user',
  prompter: 'user',
  customer: 'user',
  client: 'user',
  visitor: 'user',
  humanmessage: 'user',
  usermessage: 'user',
  assistant: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  bot: 'assistant',
  agent: 'assistant',
  gemini: 'assistant',
  aimessage: 'assistant',
  aimessagechunk: 'assistant',
  assistantmessage: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
  ipython: 'tool',
  toolmessage: 'tool',
  functionmessage: 'tool',
  tool_result: 'tool',
};

/** The role as logged is kept when it is not the plain word for its speaker. */
export type Role = { speaker: Speaker; role?: string; isInferred: boolean };

export function speakerOf(word: string): Speaker | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(SPEAKERS, key) ? SPEAKERS[key] : undefined;
}

/** @param side where a message without a role stands: in an input it is the user's, in an output the model's */
export function readRole(word: string | undefined, side: 'input' | 'output' = 'input'): Role {
  if (word === undefined || word === '') return { speaker: side === 'input' ? 'user' : 'assistant', isInferred: true };
  const speaker = speakerOf(word);
  if (speaker === undefined) return { speaker: 'user', role: word, isInferred: true };
  return word === speaker ? { speaker, isInferred: false } : { speaker, role: word, isInferred: false };
}
