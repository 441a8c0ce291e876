// @ts-check
/** Chinese names of what the server names in English: action units and emotions. */

/** @type {Record<string, string>} */
export const FACS_ZH = {
  AU1: "眉内侧上扬",
  AU2: "眉外侧上扬",
  AU4: "皱眉（眉下压）",
  AU5: "上睑提升",
  AU6: "面颊提升",
  AU7: "眼睑收紧",
  AU9: "皱鼻",
  AU10: "上唇提升",
  AU12: "嘴角上拉",
  AU14: "酒窝（嘴角收紧）",
  AU15: "嘴角下拉",
  AU16: "下唇下拉",
  AU17: "下巴提升",
  AU18: "噘嘴",
  AU20: "嘴唇横拉",
  AU22: "嘴唇外翻（漏斗状）",
  AU23: "嘴唇收紧",
  AU24: "嘴唇压紧",
  AU25: "双唇分开",
  AU26: "下颌下垂",
  AU28: "吸唇",
  AU38: "鼻孔张大",
  AU43: "闭眼",
  AU45: "眨眼",
};

/** @type {Record<string, string>} */
export const EMOTION_ZH = {
  happiness: "快乐",
  surprise: "惊讶",
  disgust: "厌恶",
  anger: "愤怒",
  fear: "恐惧",
  sadness: "悲伤",
  contempt: "轻蔑",
  repression: "压抑",
  others: "其他",
  other: "其他",
};
