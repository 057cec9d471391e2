import {
  Bot,
  CircleX,
  FileSearch,
  Info,
  type LucideIcon,
  MessageSquareHeart,
  Minimize2,
  Settings2,
  User,
  Users,
  Wrench,
} from 'lucide-react';
import type { EventKind } from '#lib/core/trajectory/event.ts';

/** One face for each kind of event: a word, a picture, the ink of its word. */
export const KINDS: Record<EventKind, { word: string; icon: LucideIcon; ink: string }> = {
  system: { word: 'System', icon: Settings2, ink: 'text-ink-3' },
  user: { word: 'User', icon: User, ink: 'text-ink' },
  assistant: { word: 'Assistant', icon: Bot, ink: 'text-accent' },
  tool_call: { word: 'Tool', icon: Wrench, ink: 'text-ink-2' },
  tool_result: { word: 'Result', icon: Wrench, ink: 'text-ink-2' },
  error: { word: 'Error', icon: CircleX, ink: 'text-fail' },
  feedback: { word: 'Feedback', icon: MessageSquareHeart, ink: 'text-ink-2' },
  retrieval: { word: 'Retrieval', icon: FileSearch, ink: 'text-ink-2' },
  compaction: { word: 'Summary', icon: Minimize2, ink: 'text-ink-3' },
  subagent: { word: 'Agent', icon: Users, ink: 'text-ink-2' },
  meta: { word: 'Note', icon: Info, ink: 'text-ink-3' },
};
