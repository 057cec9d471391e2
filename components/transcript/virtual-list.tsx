'use client';
/**
 * A list of which only what is near the window is drawn, in the normal flow between two spacers, so that selection,
 * order and find by readers are those of the page. It draws in the browser only: styles set by script are allowed by
 * the Content-Security-Policy, style attributes in HTML are not; and CR or lone surrogates would not survive HTML.
 */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useImperativeHandle, useRef, useSyncExternalStore } from 'react';

export type ListHandle = {
  scrollTo: (index: number, align?: 'start' | 'center' | 'auto') => void;
  element: HTMLElement | null;
};

const never = () => () => {};
/** False on the server and in the first draw, true from then on. */
export const useIsInBrowser = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

export function VirtualList({
  count,
  keyOf,
  estimate,
  children,
  ref,
  className,
  overscan = 6,
  fixed = false,
  ...rest
}: {
  count: number;
  keyOf: (index: number) => string;
  /** Pixels. */
  estimate: (index: number) => number;
  children: (index: number) => ReactNode;
  ref?: Ref<ListHandle>;
  className?: string;
  overscan?: number;
  /** All rows are as high as estimated: nothing is measured. */
  fixed?: boolean;
  role?: string;
  'aria-label'?: string;
  'aria-busy'?: boolean;
  onScrollRange?: (first: number, last: number) => void;
} & Pick<React.HTMLAttributes<HTMLDivElement>, 'onClick' | 'onMouseUp' | 'onKeyUp' | 'tabIndex'>) {
  const box = useRef<HTMLDivElement>(null);
  const isInBrowser = useIsInBrowser();
  const { onScrollRange, ...attributes } = rest;
  const list: Virtualizer<HTMLDivElement, Element> = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: estimate,
    getItemKey: keyOf,
    overscan,
    initialRect: { width: 800, height: 900 },
    onChange: (instance) => {
      const range = instance.range;
      if (range) onScrollRange?.(range.startIndex, range.endIndex);
    },
  });
  useImperativeHandle(ref, () => ({
    scrollTo: (index, align = 'auto') => list.scrollToIndex(index, { align }),
    element: box.current,
  }));
  const items = isInBrowser ? list.getVirtualItems() : [];
  const above = items[0]?.start ?? 0;
  const below = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={box} className={`overflow-y-auto [overflow-anchor:none] ${className ?? ''}`} {...attributes}>
      {isInBrowser && (
        <>
          <div aria-hidden style={{ height: above }} />
          {items.map((item) => (
            <div key={item.key} data-index={item.index} ref={fixed ? undefined : list.measureElement}>
              {children(item.index)}
            </div>
          ))}
          <div aria-hidden style={{ height: below }} />
        </>
      )}
    </div>
  );
}
