"""The wall before Keras: a configuration is made anew from a visitor's, with classes of a list and plain values alone.

Keras gets what is made here, never the visitor's text. So no class, function, module or file that the visitor names is
looked up, and the value that was checked is the value that is used.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from backend.own_model.refusal import ModelRefused

#: The most bytes of a configuration.
MAX_BYTES = 1024 * 1024
_LAYERS = """
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional Concatenate Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D Dense
    DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten GRU GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity InputLayer LSTM LayerNormalization LeakyReLU
    Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum MultiHeadAttention Multiply Normalization PReLU
    Permute RMSNormalization RNN GRUCell LSTMCell SimpleRNNCell ReLU RepeatVector Rescaling Reshape SeparableConv1D
    SeparableConv2D SimpleRNN Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization
    StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D
    ZeroPadding2D ZeroPadding3D RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation
    RandomZoom Resizing CenterCrop
"""
_INITIALIZERS = """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
    OrthogonalInitializer IdentityInitializer RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
"""
#: Operations of `keras.ops` that are written as functions or signs, by the module in which Keras keeps them.
_NUMPY = """
    Absolute Add Argmax Argmin Average BroadcastTo Clip Concatenate Cos Divide Dot Einsum Equal Exp ExpandDims Flip
    Floor GetItem Greater GreaterEqual Less LessEqual Log LogicalAnd LogicalNot LogicalOr Matmul Max Maximum Mean Min
    Minimum Mod Moveaxis Multiply Negative NotEqual OnesLike Power Prod Reciprocal Repeat Reshape Roll Round Sign Sin
    Split Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Take Tanh Tensordot Tile Transpose TrueDivide Var Where
    ZerosLike
"""
_NN = """
    Celu Elu Gelu HardSigmoid HardSilu LeakyRelu LogSigmoid LogSoftmax Normalize OneHot Relu Relu6 Selu Sigmoid Silu
    Softmax Softplus Softsign
"""
_CORE = "Cast StopGradient Unstack"
_MODULES: dict[str, str] = {
    "keras.layers": _LAYERS,
    "keras.initializers": _INITIALIZERS,
    "keras.regularizers": "L1 L2 L1L2 OrthogonalRegularizer",
    "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "keras.src.ops.numpy": _NUMPY,
    "keras.src.ops.nn": _NN,
    "keras.src.ops.core": _CORE,
    "keras": "DTypePolicy Sequential",
    "keras.src.models.functional": "Functional",
}
ALLOWED = {(module, name) for module, names in _MODULES.items() for name in names.split()}
_MODELS = ("Functional", "Sequential")
_DTYPES = (
    "float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "bool",
)  # fmt: skip
#: Bounds of the characters of a text, and of a whole number.
_MOST_CHARACTERS, _LARGEST = 200, 2**31 - 1
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_NOT_JSON = (
    "This is not the configuration of a Keras model. Paste what `model.to_json()` returns, or open a `.keras` file."
)
_KERAS_2 = (
    "This model was written by Keras 2. Open it with Keras 3 and save it again: "
    '`keras.models.load_model("old.h5").save("new.keras")`.'
)


def rebuilt(text: str) -> str:
    """The configuration that Keras gets, made from the `config.json` of a file or from `model.to_json()`.

    Raises `ModelRefused` with a sentence for anything that is not on the list or exceeds the bounds.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise ModelRefused(f"This configuration has more than {MAX_BYTES // 1024} KB, the most that the app reads.")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise ModelRefused(_NOT_JSON, at_home=False)
    if given.get("class_name") not in (*_MODELS, "Model"):
        kind = _shown(given.get("class_name"))
        raise ModelRefused(
            f"The app and the library read Functional and Sequential models. This one is of the class “{kind}”.",
            at_home=False,
        )
    if isinstance(given.get("keras_version"), str) and given["keras_version"].startswith(("1.", "2.")):
        raise ModelRefused(_KERAS_2, at_home=False)
    try:
        return json.dumps(_object(given), separators=(",", ":"))
    except RecursionError:
        raise ModelRefused("This configuration is nested too deeply.") from None


def _object(given: dict[str, Any]) -> dict[str, Any]:
    """An object with a class: a model, layer, operation, initializer, regularizer, constraint or dtype policy."""
    name, config = given.get("class_name"), given.get("config")
    if name in ("__keras_tensor__", "__slice__", "__tuple__", "__ellipsis__"):
        return {"class_name": name, "config": _value(config)}
    where = _module_of(given)
    if not isinstance(config, dict):
        raise ModelRefused(f"The {_shown(name)} of this configuration has no settings.")
    config = {key: each for key, each in config.items() if key != "build_config"}
    if name == "DTypePolicy" and config.get("name") not in _DTYPES:
        raise ModelRefused("This model has a dtype policy that the app does not read.")
    made = {"module": where, "class_name": name, "config": _settings(config), "registered_name": None}
    for key in ("name", "inbound_nodes"):
        if key in given:
            made[key] = _value(given[key])
    if isinstance(given.get("inbound_nodes"), list) and any(isinstance(each, list) for each in given["inbound_nodes"]):
        raise ModelRefused(_KERAS_2, at_home=False)
    return made


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    """The members of an object: each key is a word, and each value is plain or an object of the list."""
    for key in given:
        if not _KEY.fullmatch(key):
            raise ModelRefused(f"This configuration has a setting “{_shown(key)}”, which is not a valid name.")
    made = {key: _value(each) for key, each in given.items()}
    dtype = made.get("dtype")
    if isinstance(dtype, str) and dtype not in _DTYPES:
        raise ModelRefused(f"This configuration has the dtype “{_shown(dtype)}”, which the app does not read.")
    return made


def _value(given: Any) -> Any:
    """A plain value within the bounds, or an object."""
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, int):
        if abs(given) > _LARGEST:
            raise ModelRefused(f"This configuration has the number {given:,}, outside the range that Keras accepts.")
        return given
    if isinstance(given, float):
        if not math.isfinite(given):
            raise ModelRefused("This configuration has a number that is infinite or NaN.")
        return given
    if isinstance(given, str):
        if len(given) > _MOST_CHARACTERS or not given.isprintable():
            raise ModelRefused(
                f"This configuration has a text of more than {_MOST_CHARACTERS} characters, or with characters "
                "that cannot be shown."
            )
        return given
    if isinstance(given, list):
        return [_value(each) for each in given]
    if "class_name" in given:
        return _object(given)
    return {_value(key): _value(each) for key, each in given.items()}  # by names of inputs, outputs or arguments


def _module_of(given: dict[str, Any]) -> str:
    """The module in which Keras has this class. Raises `ModelRefused` if the class is not on the list."""
    name, module, registered = (given.get(key) for key in ("class_name", "module", "registered_name"))
    if not isinstance(name, str):
        raise ModelRefused("This configuration has an object without a class. Paste what `model.to_json()` returns.")
    for allowed, known in ALLOWED:
        if (module, name) == (allowed, known) and registered in (None, name):
            return allowed
    if module is None or (name in ("Model", *_MODELS) and registered in (None, name)):
        raise ModelRefused(_KERAS_2, at_home=False)
    if not isinstance(module, str) or module.split(".")[0] != "keras" or registered not in (None, name):
        raise ModelRefused(
            f"This model uses a class “{_shown(name)}” of your own, not Keras's. In Python, the library's `find_heads` "
            "reads Functional models of own layers.",
            at_home=False,
        )
    raise ModelRefused(f"The app does not read the class “{_shown(name)}”.")


def _shown(value: Any) -> str:
    """A stranger's text, short enough for a sentence."""
    text = value if isinstance(value, str) else type(value).__name__
    return "".join(each for each in text[:60] if each.isprintable())
