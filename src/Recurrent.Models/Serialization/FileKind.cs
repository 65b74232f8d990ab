namespace Recurrent.Serialization;

/// <summary>What a file is by its first bytes.</summary>
internal enum FileKind
{
    /// <summary>Nothing at all.</summary>
    Empty,

    /// <summary>HDF5.</summary>
    Hdf5,

    /// <summary>A <c>.keras</c> archive.</summary>
    Keras,

    /// <summary>An archive of <c>torch.save</c>.</summary>
    TorchArchive,

    /// <summary>Arrays of NumPy in an archive.</summary>
    NumPyArchive,

    /// <summary>An archive behind a password.</summary>
    Protected,

    /// <summary>Another zip archive.</summary>
    Zip,

    /// <summary>An array of NumPy.</summary>
    NumPy,

    /// <summary>A pickle of Python.</summary>
    Pickle,

    /// <summary>Safetensors.</summary>
    Safetensors,

    /// <summary>ONNX.</summary>
    Onnx,

    /// <summary>A SavedModel of TensorFlow.</summary>
    SavedModel,

    /// <summary>Compressed by gzip.</summary>
    Gzip,

    /// <summary>UTF-16 text.</summary>
    Utf16,

    /// <summary>Bytes of no known kind.</summary>
    Binary,

    /// <summary>Text, which may be JSON.</summary>
    Text,
}
