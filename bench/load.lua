-- Runs inside wrk: sends what the environment says, and prints one line of JSON at the end.
local method, bytes, key = os.getenv('BENCH_METHOD'), os.getenv('BENCH_BODY_BYTES'), os.getenv('BENCH_KEY')
if method then wrk.method = method end
if bytes then wrk.body = string.rep('x', tonumber(bytes)) end
if key then wrk.headers['Authorization'] = key end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50Us":%d,"p99Us":%d,"maxUs":%d,"badStatus":%d,"socketErrors":%d,"timeouts":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
