namespace Recurrent.Tests.Shapes;

/// <summary>Arrays in and out: what people hold, rows and ranges, and what is refused.</summary>
[TestFixture]
public sealed class NDArrayTests
{
    private static readonly NDArray X = new([3, 2, 2], [.. Enumerable.Range(0, 12).Select(i => (float)i)]);

    [Test]
    public void Rows_and_ranges_are_copies()
    {
        Assert.Multiple(() =>
        {
            Assert.That(X[^1].Shape, Is.EqualTo(new[] { 2, 2 }));
            Assert.That(X[^1].Values, Is.EqualTo(new float[] { 8, 9, 10, 11 }));
            Assert.That(X[1].Values, Is.EqualTo(X.Row(1).Values));
            Assert.That((float)((NDArray)new double[] { 1, 2.5 })[1], Is.EqualTo(2.5f));
            Assert.That(X.Row(1).Values, Is.EqualTo(new float[] { 4, 5, 6, 7 }));
            Assert.That(X[..2].Shape, Is.EqualTo(new[] { 2, 2, 2 }));
            Assert.That(X[1..].Values[0], Is.EqualTo(4));
            Assert.That(X[^1..].Shape, Is.EqualTo(new[] { 1, 2, 2 }));
            Assert.That(X[3..].Shape, Is.EqualTo(new[] { 0, 2, 2 }));
            Assert.That(X[2, 1, 1], Is.EqualTo(11));
            Assert.That(((NDArray)new float[] { 1, 2 })[^1].ToScalar(), Is.EqualTo(2));
        });
        X[^1].Values[0] = -1;
        Assert.That(X[2, 0, 0], Is.EqualTo(8));
    }

    [Test]
    public void Places_outside_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => X[^4], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "There is no sample ^4 in an array of shape (3, 2, 2)"));
        Assert.That(() => X.Row(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => X[2..5],
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Samples 2..5 do not lie inside"));
        Assert.That(() => X[2..1], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NDArray([], [1f])[^1], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => X[3], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("There is no sample 3"));
        Assert.That(() => X[-1],
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("From the end it is x[^1]"));
        Assert.That(() => X[1, 1], Throws.ArgumentException.With.Message.Contains("takes 3 indices, not 2"));
        Assert.That(() => X.Slice(1, int.MaxValue),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Samples 1 to 2147483648"));
    });

    [Test]
    public void What_people_hold_comes_in()
    {
        Assert.Multiple(() =>
        {
            Is(new List<float> { 1, 2 }, [2]);
            Is(new List<double> { 1, 2 }, [2]);
            Is(new List<int> { 1, 2 }, [2]);
            Is(new List<float[]> { new float[] { 1, 2 }, new float[] { 3, 4 } }, [2, 2]);
            Is(new List<double[]> { new double[] { 1, 2 } }, [1, 2]);
            Is(new float[][][] { [[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]] }, [2, 3, 2]);
            Is(new double[][][] { [[1], [2]] }, [1, 2, 1]);
            Is(new int[,,] { { { 1, 2 }, { 3, 4 } } }, [1, 2, 2]);
            Is(new float[,,,] { { { { 1, 2 } }, { { 3, 4 } } } }, [1, 2, 1, 2]);
            Is(new double[,,,] { { { { 1 }, { 2 } } } }, [1, 1, 2, 1]);
            Is(new int[,,,] { { { { 1 }, { 2 } } } }, [1, 1, 2, 1]);
            Is(Array.Empty<float[][]>(), [0, 0, 0]);
        });

        static void Is(NDArray array, int[] shape)
        {
            Assert.That(array.Shape, NUnit.Framework.Is.EqualTo(shape));
            Assert.That(array.Values, NUnit.Framework.Is.EqualTo(Enumerable.Range(1, array.Size).Select(i => (float)i)));
        }
    }

    [Test]
    public void And_goes_out_again()
    {
        NDArray four = X.Reshape(3, 2, 1, 2);
        Assert.Multiple(() =>
        {
            Assert.That(X.ToArray3D()[2, 1, 0], Is.EqualTo(10f));
            Assert.That(X.ToDoubles3D()[2, 1, 0], Is.EqualTo(10d));
            Assert.That(X[0].ToArray2D(), Is.EqualTo(new float[,] { { 0, 1 }, { 2, 3 } }));
            Assert.That(X[0].ToDoubles2D(), Is.EqualTo(new double[,] { { 0, 1 }, { 2, 3 } }));
            Assert.That(X[0][^1].ToArray1D(), Is.EqualTo(new float[] { 2, 3 }));
            Assert.That(X[0][^1].ToDoubles1D(), Is.EqualTo(new double[] { 2, 3 }));
            Assert.That(four.ToArray4D()[2, 1, 0, 1], Is.EqualTo(11f));
            Assert.That((float)X[0][0..1][^1][^1], Is.EqualTo(1f));
            Assert.That(() => X.ToArray2D(), Throws.TypeOf<InvalidCastException>().With.Message.Contains("its rank is 3, not 2"));
            Assert.That(() => X.ToScalar(), Throws.TypeOf<InvalidCastException>().With.Message.Contains("it has 12 values"));
        });
    }

    [Test]
    public void Arrays_are_stacked_and_put_one_after_the_other()
    {
        NDArray a = new float[,] { { 1, 2 } };
        NDArray b = new float[,] { { 3, 4 } };
        NDArray c = new float[,] { { 5, 6, 7 } };
        Assert.Multiple(() =>
        {
            Assert.That(NDArray.Stack(a, b).Shape, Is.EqualTo(new[] { 2, 1, 2 }));
            Assert.That(NDArray.Stack([a, b]).Values, Is.EqualTo(new float[] { 1, 2, 3, 4 }));
            Assert.That(NDArray.Concatenate([a, b]).ToArray2D(), Is.EqualTo(new float[,] { { 1, 2 }, { 3, 4 } }));
            Assert.That(NDArray.Concatenate([a, c], axis: -1).ToArray2D(), Is.EqualTo(new float[,] { { 1, 2, 5, 6, 7 } }));
            Assert.That(
                NDArray.Concatenate([NDArray.Concatenate([a, b]), NDArray.Concatenate([b, a])], axis: 1).ToArray2D(),
                Is.EqualTo(new float[,] { { 1, 2, 3, 4 }, { 3, 4, 1, 2 } }));
            Assert.That(() => NDArray.Stack(a, c),
                Throws.ArgumentException.With.Message.StartsWith("arrays[1] has shape (1, 3), but arrays[0] has shape (1, 2)."));
            Assert.That(() => NDArray.Concatenate([a, c]),
                Throws.ArgumentException.With.Message.Contains("may differ in axis 0 alone"));
            Assert.That(() => NDArray.Concatenate([a, b], axis: 2),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("no axis 2"));
            Assert.That(() => NDArray.Stack(), Throws.ArgumentException.With.Message.StartsWith("There is no array"));
            Assert.That(() => NDArray.Stack(a, null!), Throws.ArgumentException.With.Message.StartsWith("arrays[1] is null"));
        });
    }

    [TestCase(new[] { 65536, 65536 }, "An array of shape (65536, 65536) would hold 4294967296 values, more than the 2147483591 "
        + "that one array can.")]
    [TestCase(new[] { 2147483647 }, "An array of shape (2147483647) would hold 2147483647 values")]
    [TestCase(new[] { 1431655766, 3 }, "An array of shape (1431655766, 3) would hold 4294967298 values")]
    [TestCase(new[] { 65536, 65536, 65536, 65536, 65536 }, "An array of shape (65536, 65536, 65536, 65536, 65536) would hold "
        + "1208925819614629174706176 values")]
    [TestCase(new[] { 2, -1 }, "Axis 1 of shape (2, -1) is negative")]
    public void Shapes_that_no_array_has_are_refused(int[] shape, string message)
    {
        Assert.That(() => new NDArray(shape), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
        Assert.That(() => new NDArray(shape, []), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
    }

    [Test]
    public void Large_axes_beside_an_empty_one_are_an_empty_array() => Assert.That(new NDArray(65536, 65536, 0).Size, Is.Zero);

    [Test]
    public void Reshapes_that_do_not_fit_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => X.Reshape(5, -1),
            Throws.ArgumentException.With.Message.StartsWith("12 values do not fill shape (5, -1)"));
        Assert.That(() => X.Reshape(-1, -1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => X.Reshape(65536, 65536), Throws.ArgumentException);
        Assert.That(X.Reshape(-1, 3).Shape, Is.EqualTo(new[] { 4, 3 }));
    });

    [Test]
    public void Rows_that_are_missing_or_uneven_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => (NDArray)new float[][] { [1], null! },
            Throws.ArgumentException.With.Message.StartsWith("Row 1 of 2 is null."));
        Assert.That(() => (NDArray)new double[][] { null!, [1] },
            Throws.ArgumentException.With.Message.StartsWith("Row 0 of 2 is null."));
        Assert.That(() => (NDArray)new List<float[]> { null! },
            Throws.ArgumentException.With.Message.StartsWith("Row 0 of 1 is null."));
        Assert.That(() => (NDArray)new float[][] { [1], [1, 2] },
            Throws.ArgumentException.With.Message.StartsWith("Row 1 has 2 values, but row 0 has 1"));
        Assert.That(() => (NDArray)new float[][][] { [[1]], null! },
            Throws.ArgumentException.With.Message.StartsWith("Sample 1 of 2 is null."));
        Assert.That(() => (NDArray)new float[][][] { [[1]], [null!] },
            Throws.ArgumentException.With.Message.StartsWith("Sample 1: Row 0 of 1 is null."));
        Assert.That(
            () => (NDArray)new double[][][] { [[1, 2]], [[1, 2], [3, 4]] },
            Throws.ArgumentException.With.Message.StartsWith("Sample 1 has shape (2, 2), but sample 0 has shape (1, 2)."));
        Assert.That(() => (NDArray)(float[])null!, Throws.ArgumentNullException);
        Assert.That(() => (NDArray)(List<int>)null!, Throws.ArgumentNullException);
    });

    [Test]
    public void Only_one_axis_can_follow_from_the_others() => Assert.That(
        () => new NDArray(2, 3).Reshape(-1, -1),
        Throws.ArgumentException.With.Message.StartsWith(
        "Shape (-1, -1) leaves several axes open (-1), but only one can follow from the others. Give the length of all "
        + "but one."));

    [TestCase(16777217)]
    [TestCase(-16777219)]
    [TestCase(int.MaxValue)]
    public void Integers_of_which_a_float_would_lose_digits_are_refused(int value) => Assert.Multiple(() =>
    {
        Assert.That(() => (NDArray)new[] { 0, value },
            Throws.ArgumentException.With.Message.StartsWith($"Integer 1 is {value}, which a float cannot hold"));
        Assert.That(() => (NDArray)new[,] { { value } }, Throws.ArgumentException);
        Assert.That(() => (NDArray)new int[,,] { { { value } } }, Throws.ArgumentException);
        Assert.That(() => (NDArray)new List<int> { value }, Throws.ArgumentException);
    });

    [TestCase(16777216)]
    [TestCase(-16777216)]
    [TestCase(16777218)]
    [TestCase(int.MinValue)]
    public void Integers_that_a_float_holds_come_in(int value) =>
        Assert.That((long)((NDArray)new[] { value }).Values[0], Is.EqualTo(value));

    [Test]
    public void Doubles_beyond_a_float_are_refused_and_what_is_no_number_is_kept() => Assert.Multiple(() =>
    {
        Assert.That(() => (NDArray)new[] { 0, 1e39 },
            Throws.ArgumentException.With.Message.StartsWith("Value 1 is 1E+39, beyond the largest float"));
        Assert.That(((NDArray)new[] { double.NaN, double.PositiveInfinity, 1e-50 }).Values,
            Is.EqualTo(new[] { float.NaN, float.PositiveInfinity, 0 }));
    });
}
