'use client';
import { useEffect, useState } from 'react';
import { JoinForm } from './join-form.tsx';

/** The one-time token stands in the address's fragment, which browsers never send; it is taken from there and wiped. */
export function SetupForm() {
  const [token, setToken] = useState('');
  useEffect(() => {
    if (location.hash.length > 1) {
      setToken(location.hash.slice(1));
      history.replaceState(null, '', location.pathname);
    }
  }, []);
  return <JoinForm endpoint="/api/v1/setup" token={token} asksForProject />;
}
