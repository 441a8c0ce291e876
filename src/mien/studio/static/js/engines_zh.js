// @ts-check
/** Chinese texts of the engines and their settings, by the engine's name; the server describes them in English. */

/**
 * @typedef {object} SettingWords
 * @property {string} label
 * @property {string} help
 * @property {Record<string, string>} [choices]
 *
 * @typedef {{text: string, settings: Record<string, SettingWords>}} EngineWords
 */

/** @type {Record<string, SettingWords>} */
const MOTION_NET = {
  prior: {
    label: "面部先验",
    help: "默认采用权重自带的先验；未指定权重时为 awp。选“无”时，网络自行在驱动视频中寻找点（mraa 为区域）。",
    choices: { none: "无" },
  },
  points: { label: "点数", help: "跟随面部的多少个点：默认由权重决定，已发表的系统为 18 个。" },
  jacobians: {
    label: "雅可比",
    help: "每个点的周围如何旋转和伸缩：由网络给出（与已发表的系统一致），或按驱动视频的测量结果（此时不看驱动视频的画面）。默认与权重训练时相同。",
    choices: { learned: "网络给出", measured: "按测量" },
  },
  driving: {
    label: "驱动方式",
    help: "由驱动视频相对其中性帧的变化驱动，或直接采用驱动者的位置（肖像会带上驱动者的脸型）；AVD（仅 mraa）把这些位置转换到肖像自己的脸型。",
    choices: { relative: "相对变化", absolute: "绝对位置", avd: "AVD" },
  },
  lids: {
    label: "眼睑",
    help: "驱动者眨眼时，由什么合上肖像的眼睑：面部绑定，或网络的动作（会留下部分未闭合）。用于相对驱动，且网络不使用驱动视频的画面时。",
    choices: { rig: "面部绑定", network: "网络" },
  },
  calibrate: {
    label: "校准",
    help: "相对驱动时，调整动作幅度，直到在肖像上测得的幅度与驱动视频一致。雅可比按测量时，先拟合各点的动作，使网络让整张脸的动作最接近驱动视频。已发表的系统两者都不做。",
  },
  show: {
    label: "显示",
    help: "显示运动的肖像，或与论文系统一致的网络原始方形画面（不校准）。",
    choices: { frames: "片段", raw: "网络原图" },
  },
};

/** @type {Record<string, EngineWords>} */
export const ENGINES_ZH = {
  rig: {
    text: "通过面部绑定移动肖像自身的像素：清晰、精确、实时。",
    settings: {
      shading: { label: "明暗", help: "皮肤表面转动时，随之变亮或变暗。" },
    },
  },
  mesh: {
    text: "迁移驱动视频的全部动作，包括动作单元无法描述的部分。",
    settings: {
      gaze: { label: "视线", help: "虹膜随驱动视频中的虹膜移动。" },
      head_motion: { label: "头部运动", help: "画面随驱动视频中的头部移动。" },
    },
  },
  "ulme-gan": {
    text: "由训练好的网络重绘面部；用于研究与对比。",
    settings: {
      au_mode: {
        label: "强度含义",
        help: "强度表示相对肖像自身表情的变化，或最终看到的表情（包括肖像已有的动作单元）。",
        choices: { relative: "相对变化", absolute: "最终表情" },
      },
      show: {
        label: "显示",
        help: "显示片段、网络重绘了肖像的哪些部分，或与论文系统一致的网络原始方形画面。",
        choices: { frames: "片段", attention: "重绘区域", raw: "网络原图" },
      },
      lids: {
        label: "眼睑",
        help: "AU5、AU43 和 AU45 时，由什么移动肖像的眼睑：面部绑定，或网络（会拉长虹膜，合眼时留下部分未闭合）。显示网络原图时始终由网络。",
        choices: { rig: "面部绑定", network: "网络" },
      },
      mouth: {
        label: "嘴部",
        help: "网络的动作使双唇分开处，由什么绘制嘴部：面部绑定（清晰的嘴唇、牙齿和舌头），或网络（画面模糊）。显示网络原图时，以及权重没有光流时，始终由网络。",
        choices: { rig: "面部绑定", network: "网络" },
      },
    },
  },
  fomm: { text: "由训练好的网络跟随面部的 18 个点；用于对比。", settings: MOTION_NET },
  mraa: { text: "由训练好的网络跟随面部的 18 个区域；用于对比。", settings: MOTION_NET },
};
