export default async function teardown() {
  const { server, build } = globalThis.gatehouseTestRun;
  await server.stop();
  build.remove();
}
