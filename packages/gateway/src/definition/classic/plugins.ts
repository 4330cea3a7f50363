import { any, bool, list, map, omitEmpty, string, struct, type GoStruct } from '../go-json.ts';

export interface PluginHook {
  disabled: boolean;
  name: string;
  /** JavaScript file, or Go plugin. */
  path: string;
  /** Base64 of JavaScript, in place of a file. */
  code: string;
  require_session: boolean;
  raw_body_only: boolean;
}

export interface CustomMiddleware {
  pre: PluginHook[] | null;
  post: PluginHook[] | null;
  post_key_auth: PluginHook[] | null;
  auth_check: PluginHook;
  response: PluginHook[] | null;
  /** `otto`, `javascript`, `grpc`, `python`, `lua`, `goplugin`; without one no hook runs. */
  driver: string;
  id_extractor: IdExtractor;
  traffic_logs: PluginHook[] | null;
}

export interface IdExtractor {
  disabled: boolean;
  extract_from: string;
  extract_with: string;
  extractor_config: Record<string, unknown> | null;
}

const pluginHook: GoStruct<PluginHook> = {
  disabled: bool,
  name: string,
  path: string,
  code: omitEmpty(string),
  require_session: bool,
  raw_body_only: bool,
};

export const customMiddleware: GoStruct<CustomMiddleware> = {
  pre: list(struct(pluginHook)),
  post: list(struct(pluginHook)),
  post_key_auth: list(struct(pluginHook)),
  auth_check: struct(pluginHook),
  response: list(struct(pluginHook)),
  driver: string,
  id_extractor: struct<IdExtractor>({ disabled: bool, extract_from: string, extract_with: string, extractor_config: map(any) }),
  traffic_logs: omitEmpty(list(struct(pluginHook))),
};

export interface EventHandlers {
  /** Event name → handlers. */
  events: Record<string, EventHandler[] | null> | null;
}

export interface EventHandler {
  handler_name: string;
  handler_meta: Record<string, unknown> | null;
}

export const eventHandlers: GoStruct<EventHandlers> = {
  events: map(list(struct<EventHandler>({ handler_name: string, handler_meta: map(any) }))),
};

/** `options` depends on the processor's name. */
export interface ResponseProcessor {
  name: string;
  options: unknown;
}

export const responseProcessor: GoStruct<ResponseProcessor> = { name: string, options: any };

export interface AnalyticsPlugin {
  enable: boolean;
  plugin_path: string;
  func_name: string;
}

export const analyticsPlugin: GoStruct<AnalyticsPlugin> = { enable: omitEmpty(bool), plugin_path: omitEmpty(string), func_name: omitEmpty(string) };
