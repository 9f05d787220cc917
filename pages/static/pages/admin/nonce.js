// Lets the libraries of the form add the <style> elements that they need under our content security policy.
{
  const nonce = document.currentScript.nonce
  const create = Document.prototype.createElement
  Document.prototype.createElement = function (name, options) {
    const element = create.call(this, name, options)
    if (String(name).toLowerCase() === "style") element.nonce = nonce
    return element
  }
}
