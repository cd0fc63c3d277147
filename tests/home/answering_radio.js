// node -r ./fake_radio.js -r ./answering_radio.js: an answer to a read is told as anything that is heard by radio, as zigbee-herdsman's
// own adapters do (emberAdapter.js: resolveZCL, then emit zclPayload). Without it Zigbee2MQTT reads a lamp and says nothing of it.
const home = process.cwd() + '/node_modules/zigbee-herdsman/dist/';
const { Adapter } = require(home + 'adapter/adapter.js');
const Zcl = require(home + 'zspec/zcl/index.js');
const create = Adapter.create;
Adapter.create = async (...options) => {
  const adapter = await create(...options);
  const send = adapter.sendZclFrameToEndpoint.bind(adapter);
  adapter.sendZclFrameToEndpoint = async (...frame) => {
    const answer = await send(...frame);
    if (answer && answer.header.frameControl.frameType === Zcl.FrameType.GLOBAL) setImmediate(() => adapter.emit('zclPayload', answer));
    return answer;
  };
  return adapter;
};
