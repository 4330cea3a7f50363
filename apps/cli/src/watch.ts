import { type FSWatcher, watch } from 'node:fs';
import type { GatewayConfig } from '@gatehouse/gateway';

/** Changes within this time make one reload. */
const QUIET_MS = 300;

/** Reloads when a file in the folders of definitions or policies changes. Folders that are not there are not watched. */
export function watchDefinitions(config: GatewayConfig, reload: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(reload, QUIET_MS);
  };
  const folders = [config.app_path, config.policies.policy_path, config.policies.policy_record_name].filter((f) => f !== '');
  const watchers = folders.flatMap((folder) => watchFolder(folder, changed));
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watchFolder(folder: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    // A folder that goes away while it is watched ends the watch, not the process.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
