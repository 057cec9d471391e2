/** Who spoke, from what a log calls them. */
export type Side = 'system' | 'user' | 'assistant' | 'tool';

const SIDES: Record<Side, string> = {
  system: 'system developer systemmessage system_message',
  user: 'user human prompter customer client visitor humanmessage usermessage input',
  assistant: 'assistant model ai gpt chatgpt bot agent gemini aimessage aimessagechunk assistantmessage output',
  tool: 'tool function observation ipython toolmessage functionmessage tool_result',
};
const BY_ROLE = new Map(
  Object.entries(SIDES).flatMap(([side, roles]) => roles.split(' ').map((role) => [role, side as Side] as const)),
);

export const sideOf = (role: string): Side | undefined => BY_ROLE.get(role.trim().toLowerCase());

/** Roles that go without saying for their kind of event. */
export const isPlainRole = (role: string, side: Side): boolean => role === side;
