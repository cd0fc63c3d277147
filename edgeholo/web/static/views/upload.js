/* Sending a file and telling how far it is, which fetch cannot. */

import { HouseError } from "../house.js";

const AWAY = "The page's server did not take it: the connection broke, or the file is larger than it takes.";

/**
 * Send a file and return the answer: a Blob, or parsed JSON.
 * @param {string} path of the server
 * @param {File} file as it is
 * @param {{accept: string, signal?: AbortSignal, onprogress?: (share: number) => void}} how 1 is told when all was sent
 */
export function upload(path, file, { accept, signal, onprogress = () => {} }) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", new URL(path, document.baseURI));
    request.setRequestHeader("Accept", accept);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.responseType = "blob";
    request.upload.onprogress = ({ loaded, total }) => onprogress(total ? loaded / total : 0);
    request.upload.onload = () => onprogress(1);
    request.onload = async () => {
      try {
        done(await answered(request));
      } catch (error) {
        fail(error);
      }
    };
    request.onerror = () => fail(new HouseError(AWAY));
    request.onabort = () => fail(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    onprogress(0);
    request.send(file);
  });
}

async function answered(request) {
  const json = request.response.type.startsWith("application/json");
  const answer = json ? JSON.parse(await request.response.text()) : request.response;
  if (request.status >= 200 && request.status < 300) return answer;
  throw new HouseError(answer?.error ?? `The server answered ${request.status}.`, request.status, answer);
}
