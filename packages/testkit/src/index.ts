export { testCertificate, type TestCertificate } from './certificates.ts';
export { testClock, type TestClock } from './clock.ts';
export { classicApi, type Json, type JsonObject, keyedApi, merged, oasApi } from './definitions.ts';
export { freePort, type ProcessOptions, startProcess, type StartedProcess } from './process.ts';
export { tempFolder, type TempFolder } from './temp-folder.ts';
export { type SeenRequest, upstream, type Upstream, type UpstreamAnswer, type UpstreamOptions } from './upstream.ts';
